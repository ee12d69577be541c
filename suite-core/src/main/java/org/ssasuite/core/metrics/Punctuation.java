package org.ssasuite.core.metrics;

/** The characters that the reference's normal forms delete. */
public enum Punctuation {
  /** Python's {@code string.punctuation}. */
  ASCII("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),

  /** The same, and the reference's list of Chinese ones, which lacks the opening title mark 《. */
  CHINESE(
      ASCII.characters
          + "！？｡。＂＃＄％＆＇（）＊＋，－／：；＜＝＞＠［＼］＾＿｀｛｜｝～｟｠｢｣､、〃》「」『』【】〔〕〖〗〘〙〚〛〜〝〞〟〰〾〿"
          + "–—‘’‛“”„‟…‧﹏.");

  private final String characters;

  Punctuation(String characters) {
    this.characters = characters;
  }

  /** All of them are in the basic plane. */
  public boolean has(int character) {
    return characters.indexOf(character) >= 0;
  }

  /** The text without them. */
  public String removedFrom(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (!has(text.charAt(i))) {
        kept.append(text.charAt(i));
      }
    }
    return kept.toString();
  }
}
