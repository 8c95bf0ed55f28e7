"""All that the Hub on loopback answers."""

from __future__ import annotations

from tests.hub import managing, reading, uploading, writing, xet_routes
from tests.hub.call import Call


class HubHandler(Call):
    """The calls of all tables; a further table is added here."""

    routes = (*reading.ROUTES, *writing.ROUTES, *managing.ROUTES, *uploading.ROUTES, *xet_routes.ROUTES)
