namespace Appliance.Router.Decoding;

/// <summary>Words that tell how a Telnet log-in has ended, a bit each.</summary>
[Flags]
internal enum TelnetWords : byte
{
    None = 0,
    LastLogin = 1,
    Refusal = 2,
    Welcome = 4,
}
