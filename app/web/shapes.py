"""Placeholder."""

from flask import Blueprint

blueprint = Blueprint("shapes", __name__)
