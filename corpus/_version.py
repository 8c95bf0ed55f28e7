"""The version of the program, written into every manifest."""

__version__ = "0.1.0"
