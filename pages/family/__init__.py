"""The family's page: where they stand, what helps most, and a pledge."""
