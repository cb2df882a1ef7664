"""Makes the application for a production server; for a command on files a bare one, which starts at once."""

import sys

from evaluator.cli import bare

if bare.is_enough(sys.argv):
    app = bare.make()
else:
    from config import Config
    from evaluator.app import create_app

    app = create_app(Config.from_environment())
