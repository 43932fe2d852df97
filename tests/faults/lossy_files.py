"""A file system in which a power cut can be tried: it keeps in memory what was not fsynced, and forgets it when killed.

``python -m tests.faults.lossy_files BACKING MOUNTPOINT`` shows the folder BACKING at MOUNTPOINT until the process ends.
Writes and truncations reach the folder by ``fsync`` and ``fdatasync`` only. Creations, renames and removals are kept at
once, as a journalling file system keeps them. Needs /dev/fuse, Debian's libfuse3-3 and, for users other than root,
``user_allow_other``.
"""

import errno
import os
import sys
from typing import Any

import mfusepy

_BLOCK = 4096
_STATUS = ("st_mode", "st_nlink", "st_uid", "st_gid", "st_size")
_TIMES = ("st_atime", "st_mtime", "st_ctime")
_SPACE = ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_frsize", "f_files", "f_ffree", "f_namemax")


class LossyFiles(mfusepy.Operations):  # type: ignore[misc]
    """The files of a folder, and in memory those that were written since they were last synced."""

    use_ns = True

    def __init__(self, backing: str) -> None:
        self._backing = os.path.realpath(backing)
        self._seen: dict[str, bytearray] = {}
        """What users see of a file."""
        self._unsynced: dict[str, set[int]] = {}
        """Numbers of the blocks of a file that its folder does not have."""

    def _kept(self, path: str) -> str:
        return self._backing + path

    def _content(self, path: str) -> bytearray:
        if path not in self._seen:
            with open(self._kept(path), "rb") as file:
                self._seen[path] = bytearray(file.read())
            self._unsynced[path] = set()
        return self._seen[path]

    def _give_to_user(self, path: str) -> None:
        uid, gid, _ = mfusepy.fuse_get_context()
        os.lchown(self._kept(path), uid, gid)

    # What is kept at once.

    def mkdir(self, path: str, mode: int) -> int:
        os.mkdir(self._kept(path), mode)
        self._give_to_user(path)
        return 0

    def rmdir(self, path: str) -> int:
        os.rmdir(self._kept(path))
        return 0

    def symlink(self, target: str, source: str) -> int:
        os.symlink(source, self._kept(target))
        return 0

    def chmod(self, path: str, mode: int) -> int:
        os.chmod(self._kept(path), mode)
        return 0

    def chown(self, path: str, uid: int, gid: int) -> int:
        os.chown(self._kept(path), uid, gid)
        return 0

    def create(self, path: str, mode: int, fi: Any = None) -> int:
        os.close(os.open(self._kept(path), os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode))
        self._give_to_user(path)
        self._seen[path], self._unsynced[path] = bytearray(), set()
        return 0

    def rename(self, old: str, new: str, flags: int = 0) -> int:
        os.rename(self._kept(old), self._kept(new))
        for files in (self._seen, self._unsynced):
            files.pop(new, None)
            for path in [each for each in files if each == old or each.startswith(old + "/")]:
                files[new + path[len(old) :]] = files.pop(path)  # type: ignore[attr-defined]
        return 0

    def unlink(self, path: str) -> int:
        os.unlink(self._kept(path))
        self._seen.pop(path, None)
        self._unsynced.pop(path, None)
        return 0

    def link(self, target: str, source: str) -> int:
        if self._unsynced.get(source):
            self.fsync(source, 0, 0)  # two names of one file would be two in memory
        os.link(self._kept(source), self._kept(target))
        return 0

    def utimens(self, path: str, times: Any = None) -> int:
        os.utime(self._kept(path), ns=times)
        return 0

    # What waits for a sync.

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        content = self._content(path)
        content.extend(bytes(max(0, offset - len(content))))
        content[offset : offset + len(data)] = data
        self._unsynced[path].update(range(offset // _BLOCK, (offset + len(data) - 1) // _BLOCK + 1))
        return len(data)

    def truncate(self, path: str, length: int, fh: int | None = None) -> int:
        content = self._content(path)
        del content[length:]
        content.extend(bytes(length - len(content)))
        self._unsynced[path].add(max(length - 1, 0) // _BLOCK)
        return 0

    def fsync(self, path: str, datasync: int, fh: int) -> int:
        content, blocks = self._content(path), self._unsynced[path]
        file = os.open(self._kept(path), os.O_WRONLY)
        try:
            os.ftruncate(file, len(content))
            for block in sorted(blocks):
                os.pwrite(file, bytes(content[block * _BLOCK : (block + 1) * _BLOCK]), block * _BLOCK)
        finally:
            os.close(file)
        blocks.clear()
        return 0

    def fsyncdir(self, path: str, datasync: int, fh: int) -> int:
        return 0

    def flush(self, path: str, fh: int) -> int:
        return 0  # to close a file promises nothing

    # What only reads.

    def open(self, path: str, flags: int) -> int:
        if not os.path.exists(self._kept(path)):
            raise mfusepy.FuseOSError(errno.ENOENT)
        return 0

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        return bytes(self._content(path)[offset : offset + size])

    def getattr(self, path: str, fh: int | None = None) -> dict[str, Any]:
        try:
            found = os.lstat(self._kept(path))
        except OSError as error:
            raise mfusepy.FuseOSError(error.errno) from None
        status = {name: getattr(found, name) for name in _STATUS}
        status |= {name: getattr(found, f"{name}_ns") for name in _TIMES}
        return status | ({"st_size": len(self._seen[path])} if path in self._seen else {})

    def readdir(self, path: str, fh: int) -> list[str]:
        return [".", "..", *os.listdir(self._kept(path))]

    def readlink(self, path: str) -> str:
        return os.readlink(self._kept(path))

    def statfs(self, path: str) -> dict[str, int]:
        found = os.statvfs(self._backing)
        return {name: getattr(found, name) for name in _SPACE}


if __name__ == "__main__":
    mfusepy.FUSE(
        LossyFiles(sys.argv[1]),
        sys.argv[2],
        foreground=True,
        nothreads=True,
        allow_other=True,
        default_permissions=True,
    )
