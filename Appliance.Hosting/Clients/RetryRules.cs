using Grpc.Core;
using Grpc.Net.Client.Configuration;

namespace Appliance.Hosting.Clients;

/// <summary>How often and how fast a call that found no server is tried again.</summary>
internal static class RetryRules
{
    public static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    private const int Attempts = 4;
    private const double Growth = 2;

    // UNAVAILABLE alone: it says that the call was not carried out, so repeating it is safe.
    public static ServiceConfig Service => new()
    {
        MethodConfigs =
        {
            new MethodConfig
            {
                Names = { MethodName.Default },
                RetryPolicy = new RetryPolicy
                {
                    MaxAttempts = Attempts,
                    InitialBackoff = FirstBackoff,
                    MaxBackoff = LongestBackoff,
                    BackoffMultiplier = Growth,
                    RetryableStatusCodes = { StatusCode.Unavailable },
                },
            },
        },
    };
}
