package dev.athanor.libtorch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;

/** Found by DJL through the service loader. */
public final class LtEngineProvider implements EngineProvider {
    /** Creates the provider; the native libraries load with the first use of the engine. */
    public LtEngineProvider() {}

    @Override
    public String getEngineName() {
        return LtEngine.NAME;
    }

    @Override
    public int getEngineRank() {
        return LtEngine.RANK;
    }

    @Override
    public Engine getEngine() {
        return LtEngine.instance();
    }
}
