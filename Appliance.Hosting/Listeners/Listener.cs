namespace Appliance.Hosting.Listeners;

/// <summary>The node's own listeners. Connections of others, such as a dashboard's, carry no mark.</summary>
internal enum Listener
{
    /// <summary>HTTP/2 with client certificates.</summary>
    Grpc,

    /// <summary>HTTP/2 without client certificates, for the one method that is for those who have none yet.</summary>
    Enrollment,

    /// <summary>HTTP/1.1, <c>/metrics</c> only.</summary>
    Metrics,
}
