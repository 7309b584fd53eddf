"""Placeholder."""

from flask import Blueprint

blueprint = Blueprint("ontology", __name__)
