# SPDX-License-Identifier: Apache-2.0
"""What Windows shows of each .exe file under Properties, Details (tools/version.rc.in). Windows executables only."""
import re
import struct
import unittest

from harness import ROOT, executable, main

VERSION = re.search(r"version: '([0-9.]+)", (ROOT / "meson.build").read_text())[1]
# The start of a VS_FIXEDFILEINFO: its signature and the version of the structure.
# https://learn.microsoft.com/windows/win32/api/verrsrc/ns-verrsrc-vs_fixedfileinfo
FIXED_FILE_INFO = struct.pack("<2I", 0xFEEF04BD, 0x10000)


def programs():
    """The names of all executables for a node."""
    return sorted(main_cpp.parent.name for group in ("plugins", "ipam", "tools")
                  for main_cpp in (ROOT / group).glob("*/main.cpp"))


def value_of(key, image):
    """The text that the resource has for a key; it begins at the next multiple of four behind the key."""
    found = image.index((key + "\0").encode("utf-16-le"))
    rest = image[found:found + 1024].decode("utf-16-le", "replace")
    return rest[len(key):].lstrip("\0").partition("\0")[0]


def numbers_of(image):
    """The file's and the product's version, each as four numbers."""
    start = image.index(FIXED_FILE_INFO) + len(FIXED_FILE_INFO)
    words = struct.unpack_from("<8H", image, start)
    return [[words[at + 1], words[at], words[at + 3], words[at + 2]] for at in (0, 4)]


class VersionInfo(unittest.TestCase):
    def test_every_executable_says_what_it_is(self):
        for name in programs():
            with self.subTest(name):
                image = executable(name).read_bytes()
                self.assertEqual(value_of("OriginalFilename", image), name + ".exe")
                self.assertEqual(value_of("InternalName", image), name)
                self.assertRegex(value_of("FileDescription", image), f"^{name}: ...")
                for key, value in (("CompanyName", "wincni"), ("ProductName", "wincni"), ("FileVersion", VERSION),
                                   ("ProductVersion", VERSION), ("LegalCopyright", "Apache-2.0")):
                    self.assertEqual(value_of(key, image), value)
                numbers = [*map(int, VERSION.split(".")), 0]
                self.assertEqual(numbers_of(image), [numbers, numbers])


if __name__ == "__main__":
    main()
