/** PG19 and WikiText-2 perplexity. */
package org.ssasuite.tasks.pg19;
