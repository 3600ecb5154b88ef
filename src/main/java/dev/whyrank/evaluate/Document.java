package dev.whyrank.evaluate;

/** A document of a collection; title and text may be empty. */
record Document(String id, String title, String text) {

    /** What a first stage indexes. */
    String indexed() {
        return title.isBlank() ? text : title + "\n" + text;
    }

    /** What is judged: the title stands before the text, unless the text begins with it anyway. */
    String judged() {
        return text.startsWith(title) ? text : indexed();
    }
}
