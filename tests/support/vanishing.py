"""An executor whose work finds that a file is gone."""

from concurrent.futures import ThreadPoolExecutor


class VanishingFile(ThreadPoolExecutor):
    """A thread that works after a file was removed.

    Args:
        path: The file.
    """

    def __init__(self, path):
        super().__init__(1)
        self._path = path

    def submit(self, function, /, *arguments, **named):
        """Remove the file, and let the thread work."""
        self._path.unlink(missing_ok=True)
        return super().submit(function, *arguments, **named)
