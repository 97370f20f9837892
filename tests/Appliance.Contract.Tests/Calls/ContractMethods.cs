using System.Reflection;
using Appliance.Hosting;
using Appliance.Protos.Node.V1;
using Google.Protobuf.Reflection;
using Grpc.Health.V1;

namespace Appliance.Contract.Tests.Calls;

/// <summary>All methods of the contract, from the descriptors: our own protos, and the published ones that every role answers.</summary>
internal static class ContractMethods
{
    private static readonly Role[] EveryRole = Enum.GetValues<Role>();

    /// <summary>The proto files of the repository, those that are the standard's included.</summary>
    public static IReadOnlyList<FileDescriptor> OwnFiles { get; } = [.. Files(typeof(NodeReflection).Assembly)];

    public static IReadOnlyList<MethodDescriptor> All { get; } =
    [
        .. OwnFiles
            .Concat([HealthReflection.Descriptor, Grpc.Reflection.V1.ReflectionReflection.Descriptor, Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor])
            .SelectMany(file => file.Services)
            .SelectMany(service => service.Methods),
    ];

    /// <summary>Full name as the method table has it, <c>package.Service/Method</c>.</summary>
    public static string NameOf(MethodDescriptor method) => $"{method.Service.FullName}/{method.Name}";

    /// <summary>The roles that answer a method's service.</summary>
    public static IReadOnlyList<Role> Owners(MethodDescriptor method) => method.Service.FullName switch
    {
        "appliance.traffic.v1.TrafficService" or "appliance.rules.v1.RuleService" or "appliance.devices.v1.DeviceService" => [Role.Router],
        "appliance.site.v1.SessionService" or "appliance.site.v1.AccountService" or "appliance.site.v1.EnrollmentService" => [Role.Router],
        "appliance.alerts.v1.AlertService" or "appliance.inference.v1.InferenceService" or "inference.GRPCInferenceService" => [Role.Detector],
        "appliance.history.v1.HistoryService" => [Role.Logger],
        "appliance.bmc.v1.BmcService" => [Role.Bmc],
        _ => EveryRole,
    };

    private static IEnumerable<FileDescriptor> Files(Assembly assembly) => assembly.GetTypes()
        .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static))
        .Where(property => property?.PropertyType == typeof(FileDescriptor))
        .Select(property => (FileDescriptor)property!.GetValue(null)!);
}
