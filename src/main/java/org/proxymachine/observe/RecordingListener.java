package org.proxymachine.observe;

import org.proxymachine.proof.Recorder;
import org.proxymachine.session.Session;
import org.proxymachine.session.SessionListener;
import org.proxymachine.session.SessionState;

/** Tells a recorder when a session is routed, or has ended before it was. */
public final class RecordingListener implements SessionListener {
    private final Recorder recorder;

    /** A listener that tells this one. */
    public RecordingListener(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void changed(Session session, SessionState from, SessionState to) {
        if (to == SessionState.CONNECTING || to == SessionState.FLUSHING || to == SessionState.CLOSED) {
            recorder.routed(session.id());
        }
    }
}
