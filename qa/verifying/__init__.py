"""Does it stand there? Any text against the library, quotation by quotation, and receipts of answers."""
