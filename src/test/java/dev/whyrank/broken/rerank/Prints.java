package dev.whyrank.broken.rerank;

/** Breaks: output goes through the logger or the command line's writer. */
class Prints {

    void print() {
        System.out.println();
    }
}
