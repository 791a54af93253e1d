"""What goes wrong, said once and in full."""

from __future__ import annotations


class UpscatterError(Exception):
    """A question that the result cannot answer; the message says why and what can be asked instead."""


class UpscatterFileError(UpscatterError):
    """A file that cannot be read as a result.

    Attributes: ``path`` names the file, ``problem`` says what is wrong with it, ``cure`` what to do.
    """

    def __init__(self, path: str, problem: str, cure: str) -> None:
        super().__init__(f"{path} cannot be read as a result: {problem}. {cure}")
        self.path = path
        self.problem = problem
        self.cure = cure

    def __reduce__(self) -> tuple[type[UpscatterFileError], tuple[str, str, str]]:
        return type(self), (self.path, self.problem, self.cure)
