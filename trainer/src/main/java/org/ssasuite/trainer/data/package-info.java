/** Training text as tokens: preparing shards, reading them through the memory map, packing rows. */
package org.ssasuite.trainer.data;
