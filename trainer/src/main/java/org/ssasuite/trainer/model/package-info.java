/** The Llama-type model with its streams of attention: parameters, layers, losses, gradients. */
package org.ssasuite.trainer.model;
