package dev.whyrank.broken.observe;

import dev.whyrank.broken.generate.Machine;
import dev.whyrank.broken.generate.MachineListener;

/** Breaks by the machine, not by its listener. */
class SeesMachine implements MachineListener {

    private final Machine machine = new Machine();

    @Override
    public void turned() {
        machine.mapper();
    }
}
