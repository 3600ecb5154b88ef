package dev.whyrank.evaluate;

/** Is told how far an evaluation is, on the evaluation's thread. */
public interface Progress {

    /** For those who do not look. */
    Progress NONE = new Progress() {
        @Override
        public void started(String collection, long queries, long done) {}

        @Override
        public void advanced() {}

        @Override
        public void ended() {}
    };

    /**
     * A collection's queries are about to be judged.
     *
     * @param queries how many, counted once for each mode
     * @param done how many of them an earlier run finished
     */
    void started(String collection, long queries, long done);

    /** One more query was judged. */
    void advanced();

    /** The collection is through. */
    void ended();
}
