"""The sandbox as a Starlette application whose routes are the rows of the catalogue."""

from __future__ import annotations

import re

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spoki_analytics.catalogue import Operation, catalogue
from spoki_analytics.sandbox.answers.replies import JSON, Reply, encode
from spoki_analytics.sandbox.server.delivery import Delivery, Wires
from spoki_analytics.sandbox.server.log import Judgement, write_down
from spoki_analytics.sandbox.server.simulator import Simulator


def make_application(simulator: Simulator, wires: Wires) -> Starlette:
    """The ASGI application.

    Args:
        simulator: Gives the replies.
        wires: The server's connections, so that they can be broken.
    """

    async def not_routed(request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else 500
        missed = Judgement(Reply(status))
        simulator.log.append(write_down(request, simulator.arrival(), "", missed, await request.body()))
        details = {404: "Not found.", 405: f'Method "{request.method}" not allowed.'}
        return Response(encode({"detail": details.get(status, "Internal error")}), status, media_type=JSON)

    routes = [_route(simulator, operation, wires) for operation in catalogue()]
    application = Starlette(routes=routes, exception_handlers={HTTPException: not_routed})
    application.router.redirect_slashes = False
    return application


def _route(simulator: Simulator, operation: Operation, wires: Wires) -> Route:
    kinds = {parameter.name: parameter.type for parameter in operation.accepts("path")}
    path = re.sub(r"{(\w+)}", lambda m: f"{{{m[1]}:int}}" if kinds[m[1]] == "int" else m[0], operation.route)

    async def endpoint(request: Request) -> Delivery:
        arrived = simulator.arrival()
        body = await request.body()
        judgement = simulator.judge(operation, request, body)
        simulator.log.append(write_down(request, arrived, operation.slug, judgement, body))
        return Delivery(judgement.reply, wires, simulator.world.now())

    route = Route(path, endpoint, methods=[operation.method])
    route.methods = {operation.method}
    return route
