"""What every page uses: the open plan and its answers, the words, the looks, the warm-up of the engine."""
