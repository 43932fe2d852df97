"""Pages for officers."""

from fastapi import APIRouter

router = APIRouter()
