import type { ComponentChildren, JSX } from "preact";
import { slotTime } from "../ui/times";
import type { ReadElement, ReadImage, ReadTemplate } from "./read-template";

/** Shows an interactive message in the transcript and in a form's preview. */
export const TemplateCard = ({ template }: { template: ReadTemplate }): JSX.Element => {
  const { type, title, subtitle, image, elements, slots, place, cards, view, reply } = template;
  return (
    <div class="template">
      <p class="tag">{type}</p>
      {title !== undefined && <p class="template-title">{title}</p>}
      {subtitle !== undefined && <p class="template-subtitle">{subtitle}</p>}
      {image && <ImageLink image={image} />}
      {place !== undefined && <p class="template-subtitle">At {place}</p>}
      {elements.length > 0 && (
        <ul class={type === "QuickReply" ? "choices-row" : "choices-list"}>
          {elements.map((element, index) => (
            <ElementLine key={index} element={element} />
          ))}
        </ul>
      )}
      {slots.length > 0 && (
        <ul class="choices-row">
          {slots.map(({ date, duration }, index) => (
            <li key={index}>
              {slotTime(date)}
              {duration !== "" && <small>duration {duration}</small>}
            </li>
          ))}
        </ul>
      )}
      {cards.length > 0 && <Cards cards={cards} />}
      {view && (
        <details>
          <summary>View {view.id}</summary>
          <pre class="code-block">{`Token: ${view.token || "(missing)"}\n${view.data}`}</pre>
        </details>
      )}
      {reply && (
        <p class="template-reply">
          After a response: {[reply.title, reply.subtitle].filter((text) => text !== undefined).join(" – ")}
        </p>
      )}
    </div>
  );
};

const Cards = ({ cards }: { cards: readonly ReadTemplate[] }): JSX.Element => (
  <div class="cards" role="group" aria-label="Cards" tabIndex={0}>
    {cards.map((card, index) => (
      <TemplateCard key={index} template={card} />
    ))}
  </div>
);

const ElementLine = ({ element }: { element: ReadElement }): JSX.Element => {
  const { title, subtitle, image, link, isPaging = false } = element;
  return (
    <li data-paging={isPaging}>
      {link === undefined ? title : <ExternalLink address={link}>{title}</ExternalLink>}
      {subtitle !== undefined && <small>{subtitle}</small>}
      {image && <ImageLink image={image} />}
    </li>
  );
};

/**
 * Shows an image as a link. The panel's Content Security Policy blocks other sites' images, so that a chat can't make
 * the panel send requests to any address.
 */
const ImageLink = ({ image: { address, description } }: { image: ReadImage }): JSX.Element => (
  <small>
    Image: <ExternalLink address={address}>{description}</ExternalLink>
  </small>
);

const ExternalLink = ({
  address,
  children,
}: {
  address: string;
  children: ComponentChildren;
}): JSX.Element => (
  <a href={address} target="_blank" rel="noopener noreferrer">
    {children}
  </a>
);
