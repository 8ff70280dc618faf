"""A line between page and web program that loses an answer."""

from playwright.sync_api import Page, Route


def lose_the_first_answer(page: Page, address: str) -> list[str | None]:
    """Let the first request to an address be done and its answer be lost; what was asked, as it is asked."""
    bodies: list[str | None] = []

    def pass_on(route: Route) -> None:
        bodies.append(route.request.post_data)
        if len(bodies) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(address, pass_on)
    return bodies
