/** How a model attends: fully, over selected blocks, or with NSA's three branches. */
package org.ssasuite.core.attention;
