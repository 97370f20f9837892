using Google.Rpc;
using Status = Google.Rpc.Status;

namespace Appliance.Hosting.Errors;

/// <summary>The one map from errors to <c>google.rpc.Status</c>.</summary>
internal static class ErrorStatus
{
    public const string Domain = "appliance";

    /// <summary>The status that the caller sees; null where the fault is ours and its text stays here.</summary>
    public static Status? Of(Exception error) => error switch
    {
        NotFoundException known => Describe(Code.NotFound, known),
        InvalidInputException known => Describe(known),
        BusyException known => Describe(Code.FailedPrecondition, known),
        StaleEtagException known => Describe(Code.Aborted, known),
        LimitExceededException known => Describe(known),
        UnauthenticatedException known => Describe(Code.Unauthenticated, known),
        UnsupportedException known => Describe(Code.Unimplemented, known),
        UnreachableException known => Describe(Code.Unavailable, known),
        _ => null,
    };

    public static Status Of(Code code, string reason, string message) => new()
    {
        Code = (int)code,
        Message = message,
        Details = { Google.Protobuf.WellKnownTypes.Any.Pack(new ErrorInfo { Domain = Domain, Reason = reason }) },
    };

    private static Status Describe(Code code, ApplianceException error)
    {
        var info = new ErrorInfo { Domain = Domain, Reason = error.Reason };
        foreach (var (key, value) in error.Details)
        {
            info.Metadata.Add(key, value);
        }

        return new Status { Code = (int)code, Message = error.Message, Details = { Google.Protobuf.WellKnownTypes.Any.Pack(info) } };
    }

    private static Status Describe(LimitExceededException error)
    {
        var status = Describe(Code.ResourceExhausted, error);
        if (error.RetryAfter is { } delay)
        {
            status.Details.Add(Google.Protobuf.WellKnownTypes.Any.Pack(new RetryInfo { RetryDelay = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(delay) }));
        }

        return status;
    }

    private static Status Describe(InvalidInputException error)
    {
        var status = Describe(Code.InvalidArgument, error);
        var fields = error.Faults.Select(fault => new BadRequest.Types.FieldViolation { Field = fault.Field, Description = fault.Fault });
        status.Details.Add(Google.Protobuf.WellKnownTypes.Any.Pack(new BadRequest { FieldViolations = { fields } }));
        return status;
    }
}
