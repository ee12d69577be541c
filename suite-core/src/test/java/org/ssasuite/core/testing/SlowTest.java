package org.ssasuite.core.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A test that takes more than a few seconds; counted as skipped unless {@code ssa.slow} is true.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
@Tag("slow")
@EnabledIfSystemProperty(
    named = "ssa.slow",
    matches = "true",
    disabledReason = "slow: runs with -Dssa.slow=true")
public @interface SlowTest {}
