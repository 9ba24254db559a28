"""The test runner behind tests/run: one module per concern."""
