/** Several processes that train one model: how they meet, add gradients, and notice a loss. */
package org.ssasuite.trainer.group;
