package org.ssasuite.core.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;

/** {@link GpuTest} for several arguments. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@Tag("gpu")
@EnabledIfSystemProperty(
    named = "ssa.gpu",
    matches = "true",
    disabledReason = "needs a CUDA device: runs with -Dssa.gpu=true")
public @interface GpuParameterizedTest {}
