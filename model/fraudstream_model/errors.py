"""What keeps a model from being trained."""

USAGE, BAD_DATA, NO_INPUT = 2, 65, 66


class TrainingError(Exception):
    """Says what is wrong, the value that was seen, where, and what to do; `exit_code` as the command line has it."""

    def __init__(self, message: str, exit_code: int = BAD_DATA) -> None:
        super().__init__(message)
        self.exit_code = exit_code
