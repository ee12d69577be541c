/** Single steps and short schedules whose numbers another implementation has too. */
package org.ssasuite.trainer.parity;
