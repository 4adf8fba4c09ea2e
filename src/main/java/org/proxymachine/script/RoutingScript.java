package org.proxymachine.script;

import groovy.lang.Closure;
import groovy.lang.Script;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a routing script extends, so that the names of the contract mean something in it. Public for Groovy's sake. */
public abstract class RoutingScript extends Script {
    static final String BLOCKS = "org.proxymachine.blocks";
    static final String LOGGER = "script";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    /** Registers the block that routes: it is called each time new bytes arrive. */
    public void proxy(Closure<?> block) {
        blocks().register(Block.PROXY, block);
    }

    /** Registers the block that is called when a client connects. */
    @SuppressWarnings("MethodName") // The contract's spelling.
    public void proxy_accept(Closure<?> block) {
        blocks().register(Block.PROXY_ACCEPT, block);
    }

    /** Registers the block that is called when a backend cannot be used. */
    @SuppressWarnings("MethodName")
    public void proxy_connect_error(Closure<?> block) {
        blocks().register(Block.PROXY_CONNECT_ERROR, block);
    }

    /** Registers the block that is called when a connected backend stays silent. */
    @SuppressWarnings("MethodName")
    public void proxy_inactivity_error(Closure<?> block) {
        blocks().register(Block.PROXY_INACTIVITY_ERROR, block);
    }

    /** Returns the logger that scripts know as {@code log}. */
    public Logger getLog() {
        return LOG;
    }

    private Blocks blocks() {
        return (Blocks) getBinding().getVariable(BLOCKS);
    }
}
