"""Office files are zip archives: made again with fixed dates, so that the same content gives the same bytes."""

from __future__ import annotations

import io
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

#: The date of everything in an archive, and of the document: the earliest that zip can hold.
EPOCH = datetime(1980, 1, 1)


def with_fixed_dates(data: bytes) -> bytes:
    """The archive with the same members in the same order, all dated EPOCH."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as given, ZipFile(out, "w") as made:
        for name in given.namelist():
            member = ZipInfo(name, EPOCH.timetuple()[:6])
            member.compress_type = ZIP_DEFLATED
            member.create_system = 3  # the same on every system
            made.writestr(member, given.read(name))
    return out.getvalue()
