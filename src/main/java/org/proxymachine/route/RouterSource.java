package org.proxymachine.route;

/** Where routers come from: asked at the start and at each reload, off the reactor's thread. */
@FunctionalInterface
public interface RouterSource {

    /**
     * Makes a router of what its source says now.
     *
     * @throws RoutingException with one line that says what is wrong and where
     */
    Router load();
}
