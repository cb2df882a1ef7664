"""Makes the application for a production server; nothing else."""

from config import Config
from evaluator.app import create_app

app = create_app(Config.from_environment())
