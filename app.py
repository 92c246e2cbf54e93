"""Opens a library and serves the chat: python app.py [--library DIR] [--port N]."""

import argparse

from qa.errors import QAError
from qa.ui import chat


def main() -> None:
    """Read the options and serve until interrupted."""
    parser = argparse.ArgumentParser(description="Ask the literature you hold.")
    parser.add_argument("--library", default="index", metavar="DIR", help="the library's folder (default: index)")
    parser.add_argument("--port", type=int, help="default: $GRADIO_SERVER_PORT, else 7860")
    options = parser.parse_args()
    try:
        chat(options.library, port=options.port)
    except QAError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
