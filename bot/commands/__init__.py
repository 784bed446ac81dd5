"""The command line: `python -m bot …`, one module a command."""
