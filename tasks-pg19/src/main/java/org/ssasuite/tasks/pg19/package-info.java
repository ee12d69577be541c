/**
 * Loss on long text: beginnings of PG19 books in one pass, and WikiText-2 as lm-evaluation-harness
 * rates it.
 */
package org.ssasuite.tasks.pg19;
