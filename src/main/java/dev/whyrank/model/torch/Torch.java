package dev.whyrank.model.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import dev.whyrank.model.DjlDefaults;
import dev.whyrank.model.InvalidInputException;
import java.util.regex.Pattern;

/** What concerns the whole process: the native engine, its devices and threads. */
final class Torch {

    private static final Pattern CUDA = Pattern.compile("cuda:(\\d+)");

    /** Threads for one operation that the current thread was prepared for. */
    private static final ThreadLocal<Integer> TUNED = new ThreadLocal<>();

    private static volatile int threadsOfProcess;

    static {
        DjlDefaults.apply();
    }

    private Torch() {}

    /**
     * Loads the native engine, which takes a second or more the first time.
     *
     * @param threads for one operation on CPU; 0 leaves them as they are
     * @return how many there are
     */
    static synchronized int start(int threads) {
        Engine.getEngine("PyTorch");
        if (threads > 0) {
            threadsOfProcess = threads;
        } else if (threadsOfProcess == 0) {
            threadsOfProcess = JniUtils.getNumThreads();
        }
        return threadsOfProcess;
    }

    /** Prepares the calling thread for a call with all threads, unless it was prepared before. */
    static void tune() {
        tune(threadsOfProcess);
    }

    /**
     * Prepares the calling thread, unless it was before: both switches are the thread's own.
     *
     * <p>Profiling specialises a method on its second call, half a second that some request would wait for, and makes it
     * no faster afterwards.
     *
     * @param threads for one operation
     */
    static void tune(int threads) {
        if (TUNED.get() == null) {
            JniUtils.setNumThreads(threads);
            JniUtils.setGraphExecutorOptimize(false);
            TUNED.set(threads);
        }
    }

    /**
     * Finds a device.
     *
     * @param name {@code auto}, {@code cpu} or {@code cuda:N}
     * @throws InvalidInputException if there is no such device
     */
    static Device device(String name) {
        int gpus = Engine.getEngine("PyTorch").getGpuCount();
        if (name.equals("cpu") || (name.equals("auto") && gpus == 0)) {
            return Device.cpu();
        }
        var cuda = CUDA.matcher(name.equals("auto") ? "cuda:0" : name);
        if (!cuda.matches()) {
            throw new InvalidInputException("device '" + name + "' is not known: use auto, cpu or cuda:N");
        }
        int index = Integer.parseInt(cuda.group(1));
        if (index >= gpus) {
            throw new InvalidInputException("device '" + name + "' is not there: " + gpus
                    + " CUDA devices are visible; use cpu, or a libtorch built for CUDA with the folder of its libcudart"
                    + " on LD_LIBRARY_PATH");
        }
        return Device.gpu(index);
    }
}
