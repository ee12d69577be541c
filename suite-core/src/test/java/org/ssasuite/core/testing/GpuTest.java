package org.ssasuite.core.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A test that needs a CUDA device; counted as skipped unless {@code ssa.gpu} is true. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
@Tag("gpu")
@EnabledIfSystemProperty(
    named = "ssa.gpu",
    matches = "true",
    disabledReason = "needs a CUDA device: runs with -Dssa.gpu=true")
public @interface GpuTest {}
