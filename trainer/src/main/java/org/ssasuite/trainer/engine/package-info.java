/** What the trainer needs of libtorch: devices, number formats, the life of tensors, gradients. */
package org.ssasuite.trainer.engine;
