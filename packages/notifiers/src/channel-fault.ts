/** What keeps a channel from working, and what would mend it. */
export interface ChannelFault {
  message: string;
  remedy: string;
}
