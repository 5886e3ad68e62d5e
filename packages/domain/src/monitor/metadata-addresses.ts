/**
 * Services that hand out a machine's own credentials to whoever asks from it: at the clouds, in
 * containers, and their IPv6 forms. No check may reach them, whatever the operator allows.
 */
export const METADATA_ADDRESSES = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
] as const;
