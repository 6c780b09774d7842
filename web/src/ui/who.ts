/** Tells VORI with each request who asks, by the name that this browser keeps. */
import { api } from "@/api/client";
import { kept, NAME } from "./kept";

api.use({
  onRequest({ request }) {
    const name = kept(NAME).trim();
    if (name) request.headers.set("vori-person", encodeURIComponent(name));
    return request;
  },
});
