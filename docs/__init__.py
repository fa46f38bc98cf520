"""The guides, and the script that takes their pictures."""
