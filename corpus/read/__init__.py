"""Raw files to records: finding files, splitting them into parts, and reading a part.

What cannot be read is answered as a rejected record with its place and reason, never as a crash.
"""
