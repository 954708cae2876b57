"""Fills a folder with links to the header-only packages that the mingw build uses.

usage: link_headers.py FOLDER
"""
import os
import pathlib
import sys

PACKAGES = ["nlohmann", "CLI", "spdlog", "fmt", "doctest", "boost"]

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for package in PACKAGES:
    source = pathlib.Path("/usr/include") / package
    if not source.is_dir():
        sys.exit(f"{source} is missing: install the packages that README.md lists")
    link = folder / package
    if link.is_symlink():
        link.unlink()
    os.symlink(source, link)
