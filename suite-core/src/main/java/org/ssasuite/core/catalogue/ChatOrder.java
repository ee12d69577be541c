package org.ssasuite.core.catalogue;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.ssasuite.core.BadInputException;
import org.ssasuite.core.request.Chat;

/**
 * What an order says of a chat template. It has it among what only its module knows, under {@link
 * #OWN} and {@link #DATE}, and says nothing where prompts are read as they are.
 *
 * @param name of the model's templates; {@link #DEFAULT} is the one that a model without names has
 * @param date what a template is told that asks for the day
 */
public record ChatOrder(String name, Optional<LocalDate> date) {
  /** Of a task's own; a task that {@link Takes} it has a place for a template. */
  public static final String OWN = "chat_template";

  /** Of a task's own: the day that its template is told. */
  public static final String DATE = "chat_date";

  /** Both. */
  public static final Set<String> NAMES = Set.of(OWN, DATE);

  /** The template that transformers takes by itself. */
  public static final String DEFAULT = "default";

  private static final String WITHOUT = "no-chat-template";

  public ChatOrder {
    Objects.requireNonNull(name);
    Objects.requireNonNull(date);
  }

  /**
   * What an order has of its own for a user's words.
   *
   * @param name absent: no template
   * @param date absent: templates are told no day
   * @throws BadInputException for a day without a template, and one that is none
   */
  public static Map<String, List<String>> own(Optional<String> name, Optional<String> date) {
    Map<String, List<String>> own = new TreeMap<>();
    name.ifPresent(one -> own.put(OWN, List.of(one)));
    if (date.isPresent()) {
      if (name.isEmpty()) {
        throw new BadInputException("--chat-date", "is for --chat-template, which is not said");
      }
      day("--chat-date " + date.get(), date.get());
      own.put(DATE, List.of(date.get()));
    }
    return own;
  }

  private static LocalDate day(String subject, String text) {
    try {
      LocalDate day = LocalDate.parse(text);
      if (day.getYear() >= 1000 && day.getYear() <= 9999) {
        return day;
      }
    } catch (DateTimeParseException e) {
      // Said below, as for years that have other than four digits.
    }
    throw new BadInputException(subject, "is no day as 2024-07-26");
  }

  /**
   * What an order says.
   *
   * @throws BadInputException if it says it in no way that there is
   */
  public static Optional<ChatOrder> of(TaskOrder order) {
    List<String> names = order.own().getOrDefault(OWN, List.of());
    List<String> dates = order.own().getOrDefault(DATE, List.of());
    if (names.size() > 1 || dates.size() > 1 || names.size() < dates.size()) {
      throw new BadInputException(
          "task " + order.task(), "has " + OWN + " " + names + " and " + DATE + " " + dates);
    }
    return names.stream()
        .findFirst()
        .map(
            name ->
                new ChatOrder(
                    name,
                    dates.stream()
                        .findFirst()
                        .map(date -> day("task " + order.task() + ": " + DATE, date))));
  }

  /**
   * The template that an order asks for.
   *
   * @throws BadInputException if the model has none of that name
   */
  public static Optional<Chat> chat(TaskOrder order, Supplies supplies) {
    return of(order).map(said -> supplies.chats().apply(said));
  }

  /** A protocol with a template: in place of the words that there is none, or behind all else. */
  public static String said(String protocol, Optional<Chat> chat) {
    if (chat.isEmpty()) {
      return protocol;
    }
    List<String> terms = Arrays.asList(protocol.split("/", -1));
    if (!terms.contains(WITHOUT)) {
      return protocol + (terms.size() > 1 ? "/" : ", ") + chat.get().text();
    }
    terms.replaceAll(term -> term.equals(WITHOUT) ? chat.get().text() : term);
    return String.join("/", terms);
  }
}
