package org.ssasuite.core.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;

/** {@link SlowTest} for several arguments. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@Tag("slow")
@EnabledIfSystemProperty(
    named = "ssa.slow",
    matches = "true",
    disabledReason = "slow: runs with -Dssa.slow=true")
public @interface SlowParameterizedTest {}
