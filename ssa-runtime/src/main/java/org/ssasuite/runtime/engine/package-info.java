/**
 * What a model runs on and how: the device, its instruction set, number formats, cutting of work.
 */
package org.ssasuite.runtime.engine;
