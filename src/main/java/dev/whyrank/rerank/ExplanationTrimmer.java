package dev.whyrank.rerank;

/**
 * Cleans an explanation while it arrives: white space around it is dropped, and so is a first line {@code model}, which
 * some models repeat from their chat template.
 */
final class ExplanationTrimmer {

    private static final String ECHO = "model\n";

    private final StringBuilder held = new StringBuilder();
    private boolean started;
    private boolean echoDropped;

    /** Takes more text and gives what can be shown of it by now. */
    String accept(CharSequence more) {
        held.append(more);
        if (!started && !start()) {
            return "";
        }
        return release();
    }

    /** Gives the rest. */
    String finish() {
        return release();
    }

    private boolean start() {
        stripLeading();
        if (!echoDropped && held.indexOf(ECHO) == 0) {
            held.delete(0, ECHO.length());
            echoDropped = true;
            stripLeading();
        }
        boolean maybeEcho = !echoDropped && ECHO.startsWith(held.toString());
        started = !held.isEmpty() && !maybeEcho;
        return started;
    }

    private void stripLeading() {
        int from = 0;
        while (from < held.length() && Character.isWhitespace(held.charAt(from))) {
            from++;
        }
        held.delete(0, from);
    }

    private String release() {
        int to = held.length();
        while (to > 0 && Character.isWhitespace(held.charAt(to - 1))) {
            to--;
        }
        String shown = held.substring(0, to);
        held.delete(0, to);
        return shown;
    }
}
